# A last word of another kind.
run   check_mail_smtp -H localhost -p @PORT@
S     220 mx.test ESMTP
C     EHLO *
S     250 mx.test
C     QUIT
S     421 4.3.2 I was leaving anyway
exit  0
