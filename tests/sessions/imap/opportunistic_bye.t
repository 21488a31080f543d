# The server leaves upon STARTTLS: nobody is left to go on with.
run   check_mail_imap -H localhost -p @PORT@ --tls=opportunistic --ca-file=@CA@
S     * OK [CAPABILITY IMAP4rev1 STARTTLS] ready
C     a1 STARTTLS
S     * BYE no TLS here
close
exit  2
out   IMAP CRITICAL - starttls: closed: "*no TLS here"*
