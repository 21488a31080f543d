# What is not verified needs no TLSA records.
run   check_mail_smtp -H localhost -p @PORT@ --tls=starttls --dane --insecure
exit  3
out   SMTP UNKNOWN - *--insecure and --dane*
