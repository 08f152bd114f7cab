"""Somebody who uses a shared store from another machine, by TLS and a token, and moves a notebook there and back.
Loopback stands for the network: the person is another user, with a data folder that knows nothing of the store's.
"""

import os
import subprocess

from asynchronous import must

NOTEBOOK = "plan.ipynb"


class Traveller:
    """A person as people.py has them, whose kernels use a store of their own or the shared one."""

    def __init__(self, make_person, store):
        self.store = store
        self.own = make_person("carol", None)
        self.shared = make_person("carol-afar", store.address, self.own.folder)
        self.token = os.path.join(self.own.home, "store.token")
        self.path = os.path.join(self.own.folder, NOTEBOOK)

    def put(self, token):
        with open(self.token, "w") as f:
            f.write(token)
        os.chmod(self.token, 0o600)
        os.chown(self.token, self.own.uid, -1)

    def move(self, *arguments):
        """Code and output of the move."""
        done = self.own.command("move", self.path, *arguments)
        return done.returncode, done.stdout


def cells(person, work):
    """Does something with the notebook, in a kernel of its own."""
    notebook = person.open(NOTEBOOK)
    try:
        return work(notebook)
    finally:
        notebook.abandon()


def begins_at_home(notebook):
    notebook.must("record Step(int n) {}\nvar steps = new ArrayList<>(List.of(new Step(1)));")
    notebook.must("steps.add(new Step(2));")


def only_the_token_lets_in(traveller):
    error = cells(traveller.shared, lambda notebook: notebook.run("1 + 1").error)
    must(error and "wants a token" in error and "restart this kernel" in error, error)
    code, text = traveller.move("--to", traveller.store.address)
    must(code == 1 and "hydrocell token PERSON" in text, text)
    token = traveller.store.token("carol")
    traveller.put(token.replace("hct-", "hct-AAAA"))
    code, text = traveller.move("--to", traveller.store.address)
    must(code == 1 and "truncated or mistyped" in text, text)
    traveller.put(token)
    os.chmod(traveller.token, 0o644)
    code, text = traveller.move("--to", traveller.store.address)
    must(code == 1 and "chmod 600" in text, text)
    os.chmod(traveller.token, 0o600)


def moves_there(traveller):
    code, text = traveller.move("--to", traveller.store.address)
    must(code == 0 and "is in tls://" in text, text)
    error = cells(traveller.own, lambda notebook: notebook.run("steps").error)
    must(error and f"has moved to {traveller.store.address}" in error, error)
    traveller.own.stop()


def goes_on_afar(traveller, alice, owner):
    notebook = traveller.shared.open(NOTEBOOK)
    try:
        must("n=2" in notebook.must("steps"), "it came without its values")
        must("steps.add(new Step(2))" in notebook.must("%history"), "it came without its history")
        notebook.must("steps.add(new Step(3));")
        notebook.must("%undo")
        must("n=3" not in notebook.must("steps.add(new Step(4)); steps"), "it came without its commits")
        if alice:
            alice.must('var afar = new ArrayList<>(List.of("here"));')
            alice.must("%share afar --write carol")
            notebook.must(f"%trust {owner}")
            notebook.must(f"%use {owner}/afar")
            alice.must("%trust carol")
            notebook.must('afar.add("from afar");')
            must("from afar" in alice.must("afar"), "what was written afar does not come")
        return is_shut_out_and_let_in(traveller, notebook)
    finally:
        notebook.abandon()
        traveller.shared.stop()


def is_shut_out_and_let_in(traveller, notebook):
    text = traveller.store.command("token", "--revoke", "carol")
    must("revoked" in text, text)
    while not notebook.run("steps.size()").error:
        pass  # Within a second.
    outcome = notebook.run("steps.size()")
    must(outcome.error and "revoked" in outcome.error and "hydrocell token carol" in outcome.error, outcome.error)
    traveller.put(traveller.store.token("carol"))
    must("3" in notebook.must("steps.size()"), "the new token does not let in")


def moves_back(traveller):
    code, text = traveller.move("--from", traveller.store.address)
    must(code == 0 and "your own store" in text, text)
    must("n=4" in cells(traveller.own, lambda notebook: notebook.must("steps")), "what was done afar has not come back")
    traveller.own.stop()


def somebody_comes_from_another_machine(make_person, store, alice, owner):
    """alice is None where all people are one user of the system."""
    traveller = Traveller(make_person, store)
    try:
        cells(traveller.own, begins_at_home)
        only_the_token_lets_in(traveller)
        moves_there(traveller)
        goes_on_afar(traveller, alice, owner)
        moves_back(traveller)
    finally:
        traveller.own.stop()
