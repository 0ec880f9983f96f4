// Fills in the visitor's time zone, where one is asked for. Without it the usual one for the language is taken.
for (const field of document.querySelectorAll('input[name="time_zone"]')) {
  if (!field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
}
