"""The portable module in Python: bytes in, bytes out, by wasmtime. Copy this file.

In: a bundle, options, answers, tables. Out: the canonical report as bytes, equal to those of every other host. The protocol is docs/hosts.md.
"""

import json
import struct

import wasmtime

VERSION = 1


class RulesError(Exception):
    """Why a call gave nothing. What is wrong with answers never ends here: it stands in the report."""

    def __init__(self, text):
        self.code, self.path, self.detail = text.split("\n", 2)
        super().__init__(" ".join(part for part in (self.code, self.path, self.detail) if part))


class Module:
    """One instance. Calls do not nest; after a trap make a new one."""

    def __init__(self, path):
        engine = wasmtime.Engine()
        self.store = wasmtime.Store(engine)
        # No imports: the module can reach nothing of this process.
        instance = wasmtime.Instance(self.store, wasmtime.Module.from_file(engine, path), [])
        self.exports = instance.exports(self.store)
        self.memory = self.exports["memory"]
        if self.call("rules_version") != VERSION:
            raise RuntimeError("the module speaks another version of the protocol")
        self.answer_at = self.call("rules_answer")

    def call(self, name, *numbers):
        return self.exports[name](self.store, *numbers) & 0xFFFFFFFF

    def answer(self):
        at, length = struct.unpack("<II", self.memory.read(self.store, self.answer_at, self.answer_at + 8))
        return bytes(self.memory.read(self.store, at, at + length))

    def with_bytes(self, name, before, *given):
        """Calls with bytes in memory of their own; gives the number and the answer."""
        places = []
        for one in given:
            at = self.call("rules_alloc", len(one))
            if at == 0:
                raise MemoryError
            self.memory.write(self.store, one, at)
            places += [at, len(one)]
        number = self.call(name, *before, *places)
        answer = self.answer()
        for at in places[::2]:
            self.call("rules_free", at)
        if number == 0 and answer:
            raise RulesError(answer.decode())
        return number, answer


class Ruleset:
    """A loaded bundle."""

    def __init__(self, module, bundle):
        self.module = module
        self.handle, _ = module.with_bytes("rules_load", [], bundle)

    def tables(self, data):
        """Reference data by name, read once for many checks."""
        handle = self.module.call("rules_tables", self.handle)
        for name, rows in data.items():
            self.module.with_bytes("rules_insert", [handle], name.encode(), json.dumps(rows).encode())
        return handle

    def prepare(self, options, tables=0):
        """Options for many checks: `asOf`, `jurisdiction`, `explain`, `all`, `limits`."""
        handle, _ = self.module.with_bytes("rules_prepare", [self.handle, tables], json.dumps(options).encode())
        return handle

    def check(self, prepared, answers):
        """The canonical report of answers that are given as JSON, both as bytes."""
        return self.module.with_bytes("rules_check", [prepared], answers)[1]
