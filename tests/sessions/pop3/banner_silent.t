# The server stops talking; the deadline ends it, and names the step.
run   check_mail_pop3 -H localhost -p @PORT@ -t 1
silent
within 1.2
exit  2
out   POP3 CRITICAL - banner: timeout: *
