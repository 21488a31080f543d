# The same in JSON, which has to stay JSON.
run   check_mail_smtp -H localhost -p @PORT@ -o json -v
S+    554 go|away \x1b[31m\xff\xfe "quoted" \\ back \xed\xa0\x80\r\n
C     QUIT
S     221 2.0.0 bye
exit  2
json  cause=rejected
json  reply=554 go|away*"quoted" \ back*
