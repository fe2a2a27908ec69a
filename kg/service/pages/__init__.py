"""Floor 10: pages for people: templates, one style sheet, and what goes into them.

addresses   an IRI -> its address on the server        pure
shown       terms and statements -> values for templates
rendering   values -> a page

built       the scripts that some pages have, where they were built

No page needs a script, or anything from elsewhere; each says so in its Content-Security-Policy.
Whatever comes from the graph is escaped, and is a link only where it is an address of the web.
"""
