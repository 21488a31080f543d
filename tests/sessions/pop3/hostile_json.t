# In JSON they stay JSON.
run   check_mail_pop3 -H localhost -p @PORT@ -o json -v
S+    -ERR go|away \x1b[31m\xff\xfe "quoted" \\ back \xed\xa0\x80\r\n
exit  2
json  cause=rejected
json  reply=-ERR go|away*"quoted" \ back*
