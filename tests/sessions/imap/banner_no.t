# A greeting cannot be NO.
run   check_mail_imap -H localhost -p @PORT@
S     * NO not today
exit  2
out   IMAP CRITICAL - banner: protocol: *
