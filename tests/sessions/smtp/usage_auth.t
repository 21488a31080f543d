# A mechanism that is none.
run   check_mail_smtp -H localhost -p @PORT@ --auth=NOSUCH -U probe --tls=none
exit  3
out   SMTP UNKNOWN - *--auth*
