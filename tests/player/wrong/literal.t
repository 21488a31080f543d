# says: wanted a literal, got: a1 CAPABILITY
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready
C     a1 CAPABILITY
literal
exit  2
