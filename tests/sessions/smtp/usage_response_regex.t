# An expression that is none.
run   check_mail_smtp -H localhost -p @PORT@ -C NOOP -R [
exit  3
out   SMTP UNKNOWN - *response*
