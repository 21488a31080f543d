# What is wrong is told, and the password next to it is not.
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe -P hunter2secret --timeout=hunter2secret
exit  3
out   SMTP UNKNOWN - *
not   *hunter2secret*
