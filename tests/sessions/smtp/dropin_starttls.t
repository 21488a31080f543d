# check_smtp -S -e -f -C -R in one.
run   check_mail_smtp -H localhost -p @PORT@ -S --ca-file=@CA@ -e "220 mx" -f probe@mx.test -F probe.test -w 3 -c 5 -t 10
S     220 mx.test ESMTP
C     EHLO *
S     250-mx.test
S     250-PIPELINING
S     250 STARTTLS
C     STARTTLS
S     220 2.0.0 go ahead
tls
C     EHLO *
S     250 mx.test
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
