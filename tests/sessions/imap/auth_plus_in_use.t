# Proof, binding and signature were in order: that the mailbox is in use is no reason to log in again.
file  pass
	hunter2secret
run   check_mail_imap -H localhost -p @PORT@ --tls=implicit --ca-file=@CA@ -U probe --password-file=@DIR@/pass
tls   cert=good version=1.3
S     * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256] ready
scram-sha-256-plus user=probe password=hunter2secret
S     a1 NO [INUSE] somebody is there
C     a2 LOGOUT
S     * BYE bye
S     a2 OK done
exit  1
out   IMAP WARNING - auth: tempfail: *
