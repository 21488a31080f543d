# A refusal at this step is told with the words of the server.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     a1 NO not for you
exit  2
out   IMAP CRITICAL - starttls: starttls_refused: "*not for you"*
