# A usage error is an object too; the sentence for people goes to standard error.
run   check_mail_smtp -H localhost -p @PORT@ -o json --timeout=soon
exit  3
json  state=UNKNOWN
json  cause=usage
json  phase=null
err   *--timeout*
