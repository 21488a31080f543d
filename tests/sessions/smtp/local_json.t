# So is an unreadable file.
run   check_mail_smtp -H localhost -p @PORT@ -o json --tls=none -U probe --password-file=@DIR@/nosuch
exit  3
json  state=UNKNOWN
json  cause=local
json  phase=null
