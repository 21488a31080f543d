# A mechanism of another protocol.
run   check_mail_imap -H localhost -p @PORT@ --auth=apop -U probe
exit  3
out   IMAP UNKNOWN - **--auth*
