# OK, and no list.
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready
C     a1 CAPABILITY
S     a1 OK done
exit  2
out   IMAP CRITICAL - capability: protocol: *
