# A status that goes on as a word is none.
run   check_mail_pop3 -H localhost -p @PORT@
S     +OKAY
exit  2
out   POP3 CRITICAL - banner: protocol: *
