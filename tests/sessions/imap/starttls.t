# STARTTLS as it should be, and CAPABILITY again after it.
run   check_mail_imap -H localhost -p @PORT@ --tls=starttls --ca-file=@CA@ -o json
S     * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
C     a1 STARTTLS
S     a1 OK go ahead
tls
sni   localhost
C     a2 CAPABILITY
S     * CAPABILITY IMAP4rev1 AUTH=PLAIN
S     a2 OK done
C     a3 LOGOUT
S     * BYE bye
S     a3 OK done
exit  0
json  facts.tls_version=TLSv1.3
json  facts.capabilities=[2]
json  phases[*].name=starttls
json  phases[*].name=tls
json  phases[*].name=capability
json  facts.capabilities[1]=AUTH=PLAIN
