"""Floor 10: a graph over HTTP: SPARQL 1.1 Protocol, saved queries, and pages for every IRI.

negotiation   Accept -> format             pure
protocol      an HTTP request -> what is asked of the graph   pure
worker        a process that runs one query at a time, and may be ended at any moment
pool          those processes: a queue with a bound, limits, a spare one always ready
app           the ASGI application that joins these
paging        an answer page by page
openapi       what can be asked of the server, described
pages         what is shown in a browser
server        starts it
"""
