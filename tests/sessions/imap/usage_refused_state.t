# A state that is none.
run   check_mail_imap -H localhost -p @PORT@ -r soso
exit  3
out   IMAP UNKNOWN - **-r*
