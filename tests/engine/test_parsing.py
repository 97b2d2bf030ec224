"""Many threads read source text at once, and each gets its own tree."""

import ast
import threading

from engine import parsing


def test_threads_that_read_at_once_all_get_their_trees():
    text = "\n".join(f"if a > {k}:\n    b = (a + {k}) * ({' + '.join('c' * 60)})" for k in range(60))
    whole = ast.dump(ast.parse(text))
    found, wrong = [], []

    def read():
        try:
            found.extend(ast.dump(parsing.module(text)) == whole for _ in range(10))
        except SystemError as error:
            wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert found == [True] * 60


def test_an_expression_is_its_tree():
    assert ast.unparse(parsing.expression("a if b else c")) == "a if b else c"
