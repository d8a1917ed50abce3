/* Reads a calendar file with libical, refuses what breaks its rules, and prints one line per event: UID, day, title, link. */
#include <libical/ical.h>
#include <stdio.h>

static char *read_line(char *line, size_t size, void *from) { return fgets(line, (int)size, from); }

int main(int count, char **arguments) {
  FILE *file = count == 2 ? fopen(arguments[1], "r") : NULL;
  if (!file) return 2;
  icalparser *parser = icalparser_new();
  icalparser_set_gen_data(parser, file);
  icalcomponent *calendar = icalparser_parse(parser, read_line);
  if (!calendar || !icalrestriction_check(calendar) || icalcomponent_count_errors(calendar) > 0) return 1;
  icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
  for (; event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
    icalproperty *url = icalcomponent_get_first_property(event, ICAL_URL_PROPERTY);
    const char *day = icaltime_as_ical_string(icalcomponent_get_dtstart(event));
    printf("%s\t%s\t%s\t%s\n", icalcomponent_get_uid(event), day, icalcomponent_get_summary(event), url ? icalproperty_get_url(url) : "");
  }
  return 0;
}
