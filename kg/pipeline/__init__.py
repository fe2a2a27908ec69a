"""Floor 9: what is done to files, top to bottom: records, publications, mentions, a graph.

`building` is the first file to read. Each stage is a function over iterables; only this floor puts
them together:

    building    files -> a graph
    reading     files -> the records of a generation
    papers      records -> publications, annotated, as lines; the stage that runs in processes
    workers     the processes
    totals      what is counted over all papers: entities, assertions, co-mentions
    manifest    what a build writes down about itself
"""

from kg.pipeline.building import build_graph
from kg.pipeline.manifest import FORMAT_VERSION, BuildReport
from kg.pipeline.settings import BuildSettings

__all__ = ["FORMAT_VERSION", "BuildReport", "BuildSettings", "build_graph"]
