# An error challenge and success behind it contradict each other: the refusal came first.
file token
    some-token-value
run   check_mail_smtp -H localhost -p @PORT@ --tls=none -U probe@mx.test --token-file=@DIR@/token --auth=XOAUTH2
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250 AUTH XOAUTH2
C     AUTH XOAUTH2 *
S     334 eyJzdGF0dXMiOiI0MDEifQ==
C
S     235 2.7.0 welcome
C     QUIT
S     221 2.0.0 bye
close
exit  2
out   SMTP CRITICAL - auth: protocol: "235 2.7.0 welcome" *
