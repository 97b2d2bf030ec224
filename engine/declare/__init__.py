"""The words a model file is written in: parameters, states, traces, fields, and the kinds of model.

A model is one class in one file.  Its class keywords name it, its class attributes declare what it
keeps, and its static methods (*hooks*) are arithmetic on rows.  Everything else in the program is
read off the declaration: the palette card, the inspector, the file format, the compiled kernel.

Units are ms, mV, pA, nS, pF, Hz, uM and um everywhere.
"""

from engine.declare.beginnings.learners import ByErrors as ByErrors
from engine.declare.beginnings.learners import SentBack as SentBack
from engine.declare.beginnings.learners import SentOverFeedback as SentOverFeedback
from engine.declare.beginnings.learners import SlowedByChange as SlowedByChange
from engine.declare.beginnings.learners import WeaklyFedBack as WeaklyFedBack
from engine.declare.calls import binomial as binomial
from engine.declare.calls import clip as clip
from engine.declare.calls import normal as normal
from engine.declare.calls import poisson as poisson
from engine.declare.calls import slope as slope
from engine.declare.calls import transfer as transfer
from engine.declare.calls import uniform as uniform
from engine.declare.calls import where as where
from engine.declare.declaration import Declaration as Declaration
from engine.declare.in_nest import InNest as InNest
from engine.declare.in_nest import same as same
from engine.declare.kinds import Astrocyte as Astrocyte
from engine.declare.kinds import Input as Input
from engine.declare.kinds import Modulator as Modulator
from engine.declare.kinds import Neuron as Neuron
from engine.declare.kinds import Router as Router
from engine.declare.kinds import Transmission as Transmission
from engine.declare.learning import Learner as Learner
from engine.declare.learning import Level as Level
from engine.declare.learning import Phase as Phase
from engine.declare.learning import Settling as Settling
from engine.declare.learning import Task as Task
from engine.declare.learning import level as level
from engine.declare.learning import phase as phase
from engine.declare.rules import EXCITABILITY as EXCITABILITY
from engine.declare.rules import Expression as Expression
from engine.declare.rules import Gate as Gate
from engine.declare.rules import Homeostasis as Homeostasis
from engine.declare.rules import Induction as Induction
from engine.declare.rules import Rule as Rule
from engine.declare.rules import Structure as Structure
from engine.declare.words import INFINITY as INFINITY
from engine.declare.words import LOCI as LOCI
from engine.declare.words import SUBSTANCES as SUBSTANCES
from engine.declare.words import Field as Field
from engine.declare.words import Param as Param
from engine.declare.words import Quantity as Quantity
from engine.declare.words import Role as Role
from engine.declare.words import Series as Series
from engine.declare.words import State as State
from engine.declare.words import Total as Total
from engine.declare.words import Trace as Trace
from engine.declare.words import choice as choice
from engine.declare.words import field as field
from engine.declare.words import lagged as lagged
from engine.declare.words import param as param
from engine.declare.words import quantity as quantity
from engine.declare.words import role as role
from engine.declare.words import series as series
from engine.declare.words import state as state
from engine.declare.words import total as total
from engine.declare.words import trace as trace
