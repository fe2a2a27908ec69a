"""Web floor: asks PubMed, Europe PMC, Crossref and SPARQL endpoints; no other opens connections.

    client       requests with a pace, retries and deadlines
    services     where the services are, and how often they may be asked
    eutils       NCBI's E-utilities
    download     a file that is fetched in pieces, and goes on where it stopped
    pubmed       a search or a list of PMIDs, as PubMed XML
    europepmc    a search, as JSON lines
    crossref     a citation's candidates among DOIs
    candidates   how well a citation fits a paper that a service gives
    resolving    citations -> identifiers, each with its score
    endpoints    SPARQL endpoints, for what a query asks of others
    csl          what was found, as a file that a graph is built from

Everything takes a `WebClient`, so that tests set the clock and the addresses. A service that fails
is a `ServiceError`; what it says in passing goes to a function `warn`.
"""
