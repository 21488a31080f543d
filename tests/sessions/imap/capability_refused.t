# A refusal at this step is told with the words of the server.
run   check_mail_imap -H localhost -p @PORT@
S     * OK ready
C     a1 CAPABILITY
S     a1 NO not for you
exit  2
out   IMAP CRITICAL - capability: rejected: "*not for you"*
