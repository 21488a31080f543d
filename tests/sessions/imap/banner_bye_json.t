# The reason it gives is a fact.
run   check_mail_imap -H localhost -p @PORT@ -o json
S     * BYE [UNAVAILABLE] maintenance until noon
close
exit  2
json  cause=tempfail
json  facts.bye=maintenance until noon
json  reply=* BYE [UNAVAILABLE] maintenance until noon
