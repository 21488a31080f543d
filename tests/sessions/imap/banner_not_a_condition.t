# A greeting is a condition; what came instead is told.
run   check_mail_imap -H localhost -p @PORT@
S     * hello
exit  2
out   IMAP CRITICAL - banner: protocol: "* hello"*
