"""The project's own files: where a stack's declaration, state and results are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from linkproof.errors import LinkproofError

LAB_STACK_PASSPHRASE = "linkproof-lab"  # noqa: S105  the lab's secrets protect nothing: its state never leaves loopback


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a Pulumi.yaml."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """The nearest folder upwards that has a Pulumi.yaml.

        Raises:
            LinkproofError: there is none.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "Pulumi.yaml").is_file():
                return cls(folder)
        raise LinkproofError(f"no Pulumi.yaml in {here} or above it", "run this inside a linkproof project")

    @property
    def name(self) -> str:
        """As Pulumi.yaml has it."""
        import yaml

        document = yaml.safe_load((self.root / "Pulumi.yaml").read_text())
        return str(document["name"])

    @property
    def lab_dir(self) -> Path:
        return self.root / ".linkproof" / "lab"

    def work_dir(self, stack: str) -> Path:
        """Backend (lab stacks), expectations, evidence and reports of one stack; git ignores it."""
        return self.root / ".linkproof" / stack

    def expectations_file(self, stack: str) -> Path:
        return self.work_dir(stack) / "expectations.json"

    def stack_file(self, stack: str) -> Path:
        return self.root / f"Pulumi.{stack}.yaml"

    def stack_config(self, stack: str) -> dict[str, object]:
        """The `config:` of Pulumi.<stack>.yaml as written; secrets stay encrypted.

        Raises:
            LinkproofError: the stack has no such file, or it is not YAML.
        """
        import yaml

        file = self.stack_file(stack)
        try:
            text = file.read_text()
        except FileNotFoundError:
            known = ", ".join(sorted(f.name.split(".")[1] for f in self.root.glob("Pulumi.*.yaml"))) or "none"
            raise LinkproofError(
                f"there is no stack {stack!r}: {file.name} does not exist (stacks here: {known})",
                f"name one of them, or write {file.name} and stacks/{stack}.yaml",
            ) from None
        try:
            document = yaml.safe_load(text) or {}
        except yaml.YAMLError as error:
            raise LinkproofError(f"{file.name} is not YAML: {error}", "correct the file") from error
        config = document.get("config") if isinstance(document, dict) else None
        return config if isinstance(config, dict) else {}

    def declaration_file(self, stack: str) -> Path:
        """The declaration that the stack's config names; `stacks/<stack>.yaml` by default."""
        named = self.stack_config(stack).get("linkproof:declaration")
        file = self.root / (named if isinstance(named, str) else f"stacks/{stack}.yaml")
        here = Path.cwd()
        # As a person standing here would type it: it is printed with every problem and finding.
        return file.relative_to(here) if file.is_relative_to(here) else file

    def shown(self, file: Path) -> str:
        """A path as a person in the project would type it."""
        whole = file if file.is_absolute() else Path.cwd() / file
        return str(whole.relative_to(self.root)) if whole.is_relative_to(self.root) else str(file)
