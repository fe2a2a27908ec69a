"""Top floor: `kg ontology check`: the rules that an ontology is to keep."""

from pathlib import Path

import click


@click.command("check")
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
def ontology_check(file: Path | None) -> int:
    """Check FILE, an ontology in any RDF syntax; by default the project's own.

    That every term is declared, labelled and defined; that nothing leads nowhere; that it is in OWL
    2 DL; and, of the project's own, that the competency questions in ontology/competency hold. What
    keeps it out of the profile OWL 2 RL is listed, and is no fault. The exit code is 1 if there is
    a fault.
    """
    from kg.reasoning.checks import check_ontology  # noqa: PLC0415
    from kg.reasoning.competency import check_questions  # noqa: PLC0415
    from kg.reasoning.ontology import ontology_path  # noqa: PLC0415
    from kg.reasoning.profiles import check_profiles  # noqa: PLC0415

    path = file or ontology_path()
    faults = check_ontology(path)
    profiles = check_profiles(path)
    questions = check_questions() if file is None else ()
    click.echo(f"ontology   {path.name}: {profiles.axioms} axioms")
    for fault in faults:
        click.echo(f"fault      {fault}")
    click.echo(
        f"terms      {'declared, labelled and defined' if not faults else f'{len(faults)} faults'}"
    )
    click.echo(f"OWL 2 DL   {'yes' if not profiles.dl else 'no'}")
    for violation in profiles.dl:
        click.echo(f"  {violation}")
    click.echo(f"OWL 2 RL   {'yes' if not profiles.rl else 'no'}")
    by_reason: dict[str, list[str]] = {}
    for violation in profiles.rl:
        name, _, reason = violation.partition(": ")
        by_reason.setdefault(reason, []).append(name)
    for reason, names in sorted(by_reason.items()):
        click.echo(f"  {reason}: {', '.join(names)}")
    failed = [each for each in questions if each.fault]
    if questions:
        click.echo(f"questions  {len(questions) - len(failed)} of {len(questions)} hold")
    for question in failed:
        click.echo(f"  {question.name}: {question.fault}")
    return 1 if faults or profiles.dl or failed else 0
