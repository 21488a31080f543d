# BAD says that the server will not understand: a refusal like any other.
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready
C     a1 CAPABILITY
S     a1 BAD what is that
exit  2
out   IMAP CRITICAL - capability: rejected: "*what is that"*
