"""Floor 9: what is done to files, top to bottom: records, publications, mentions, a graph.

`building` is the first file to read. Each stage is a function over iterables; only this floor puts
them together:

    building    files -> a graph
    reading     files -> the records of a generation
    papers      records -> publications, annotated, as lines; the stage that runs in processes
    workers     the processes
    totals      what is counted over all papers: entities, assertions, co-mentions
    updating    files added to a graph and taken out of it
    ontologies  ontologies of others added to a graph and taken out of it
    shared      what that does to nodes that papers share, and to what is counted over papers
    lookups     what that asks of the graph
    removing    which sources and papers a person means
    selecting   which papers are to be exported
    describing  what a graph says of itself, put into it when all else is there
    sharding    files -> shards, for many machines; the tasks are in shard_tasks, cluster runs them
    shard_plan, shard_files, counts, joining
                what the tasks find and leave, and how records of different files meet
    loading     shards -> a graph
    sending     shards -> a store elsewhere
    statement_files
                how files of statements are read and checked
    settings    what a build depends on beside its files
    manifest    what a build writes down about itself
"""

from kg.pipeline.building import build_graph, rebuild_graph
from kg.pipeline.loading import LoadReport, load_graph
from kg.pipeline.manifest import FORMAT_VERSION, BuildReport
from kg.pipeline.ontologies import (
    OntologyReport,
    add_ontology,
    list_ontologies,
    remove_ontology,
)
from kg.pipeline.settings import BuildOptions, BuildSettings
from kg.pipeline.sharding import build_shards
from kg.pipeline.updating import UpdateReport, add_files, remove_files

__all__ = [
    "FORMAT_VERSION",
    "BuildOptions",
    "BuildReport",
    "BuildSettings",
    "LoadReport",
    "OntologyReport",
    "UpdateReport",
    "add_files",
    "add_ontology",
    "build_graph",
    "build_shards",
    "list_ontologies",
    "load_graph",
    "rebuild_graph",
    "remove_files",
    "remove_ontology",
]
