"""Reads the calendar at a web address with vobject, as strictly as it can, and prints its events as JSON."""
import json
import sys
import urllib.request

import vobject

calendar = vobject.readOne(urllib.request.urlopen(sys.argv[1]).read().decode("utf-8"))
calendar.validate(raiseException=True)
print(json.dumps([
    {"uid": event.uid.value, "on": event.dtstart.value.isoformat(), "title": event.summary.value,
     "link": event.url.value if hasattr(event, "url") else ""}
    for event in calendar.vevent_list
]))
