# An alert with the refusal.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass -o json
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
C     a1 AUTHENTICATE PLAIN *
S     * NO [ALERT] account locked until noon
S     a1 NO [AUTHENTICATIONFAILED] no
exit  2
json  cause=auth_rejected
json  facts.alerts[0]=account locked until noon
