# Each of several recipients must be refused; one that is not makes the server an open relay.
run   check_mail_smtp -H localhost -p @PORT@ --deny-rcpt=a@elsewhere.test --deny-rcpt=b@elsewhere.test
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     MAIL FROM:<>
S     250 2.1.0 ok
C     RCPT TO:<a@elsewhere.test>
S     554 5.7.1 relaying denied
C     RCPT TO:<b@elsewhere.test>
S     250 2.1.5 ok
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
close
exit  2
out   SMTP CRITICAL - rcpt_2: open_relay: "250 2.1.5 ok" (b@elsewhere.test was accepted) after *
