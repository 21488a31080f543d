# A mechanism that is none.
run   check_mail_imap -H localhost -p @PORT@ --auth=NOSUCH -U probe
exit  3
out   IMAP UNKNOWN - **--auth*
