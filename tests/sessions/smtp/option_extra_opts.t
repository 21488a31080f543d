# Options from a section of a file; the command line has the last word.
file  mp.ini
	[probe]
	hostname=localhost
	port=@PORT@
	fqdn=first.test
	from=probe@mx.test
	require=PIPELINING
run   check_mail_smtp --extra-opts=probe@@DIR@/mp.ini -F second.test
S     220 mx.test
C     EHLO second.test
S     250-mx.test
S     250 PIPELINING
C     MAIL FROM:<probe@mx.test>
S     250 2.1.0 ok
C     RSET
S     250 2.0.0 ok
C     QUIT
S     221 2.0.0 bye
exit  0
