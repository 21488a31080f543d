# So is SCRAM's proof.
file  pass
	hunter2secret
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe --password-file=@DIR@/pass --auth=SCRAM-SHA-256 -vv
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH SCRAM-SHA-256
scram-sha-256 user=probe password=anotherone reject
S     535-5.7.8 @PROOF@ is wrong
S     535 5.7.8 as is @CODEDPROOF@
C     QUIT
S     221 2.0.0 bye
exit  2
out   SMTP CRITICAL - auth: auth_rejected: *
not   *@PROOF@*
not   *@CODEDPROOF@*
secret hunter2secret
