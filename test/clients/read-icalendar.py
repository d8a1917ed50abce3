"""Reads the calendar at a web address with icalendar, stops at any error in it, and prints its events as JSON."""
import json
import sys
import urllib.request

import icalendar

calendar = icalendar.Calendar.from_ical(urllib.request.urlopen(sys.argv[1]).read())
errors = [error for component in calendar.walk() for error in component.errors]
if errors:
    sys.exit(f"icalendar: {errors}")
print(json.dumps([
    {"uid": event["UID"], "on": event["DTSTART"].dt.isoformat(), "title": event["SUMMARY"], "link": event.get("URL", "")}
    for event in calendar.walk("VEVENT")
]))
