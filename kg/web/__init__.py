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
    conversation one request to a SPARQL endpoint: within a time, a size, an origin
    results      SPARQL results as endpoints write them
    addresses    the address of an endpoint, and who asks
    endpoints    SPARQL endpoints, for what a query asks of others
    remote       a SPARQL store elsewhere, asked like a graph of ours
    csl          what was found, as a file that a graph is built from

All but what speaks SPARQL takes a `WebClient`, so that tests set the clock and the addresses. A
service that fails is a `ServiceError`; what it says in passing goes to a function `warn`.
"""
