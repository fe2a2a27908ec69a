"""Floor 10: what the graph was made from, as a page."""

from kg.descriptions.datasets import base_of, count_statements, read_about
from kg.exports.about import dataset_node
from kg.service.jobs.context import Context, Out
from kg.service.jobs.lists import give_page, shown_of
from kg.service.messages import About
from kg.service.pages.about import write_about_page


def answer_about(context: Context, job: About, out: Out) -> None:
    """Answer with what the graph says of itself, for a person."""
    graph = context.graph(job.generation)
    base = base_of(graph)
    page = write_about_page(
        shown_of(context, graph, job),
        read_about(graph, base),
        dataset_node({"base_iri": base}),
        count_statements(graph),
    )
    give_page(job, out, page)
