# Nor does it ask us to go on.
run   check_mail_imap -H localhost -p @PORT@
S     + OK ready
exit  2
out   IMAP CRITICAL - banner: protocol: *
