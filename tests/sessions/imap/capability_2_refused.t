# A refusal at this step is told with the words of the server.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK ready
C     a1 CAPABILITY
S     * CAPABILITY IMAP4rev1 STARTTLS
S     a1 OK done
C     a2 STARTTLS
S     a2 OK go ahead
tls
C     a3 CAPABILITY
S     a3 NO not for you
exit  2
out   IMAP CRITICAL - capability_2: rejected: "*not for you"*
