# The server shuts down at this step: a temporary failure, and nothing more is asked of it.
run   check_mail_smtp -H localhost -p @PORT@
S     421 4.3.2 shutting down
close
exit  2
out   SMTP CRITICAL - banner: tempfail: "421 4.3.2 shutting down"*
