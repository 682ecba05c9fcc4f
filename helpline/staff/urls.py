"""The addresses of the staff room. Words of the trade, no names, no ids."""

from django.urls import path

from helpline.staff.views import account, arrival, audit, doors, home

app_name = "staff"
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", doors.sign_in, name="sign_in"),
    path("code/", doors.code, name="code"),
    path("recovery-code/", doors.recovery, name="recovery"),
    path("step-up/", doors.step_up, name="step_up"),
    path("sign-out/", doors.sign_out, name="sign_out"),
    path("invitation/<str:token>/", arrival.invitation, name="invitation"),
    path("welcome/", arrival.welcome, name="welcome"),
    path("phone/", arrival.phone, name="phone"),
    path("phone/qr.svg", arrival.qr, name="qr"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/recovery-codes/", account.recovery_codes, name="recovery_codes"),
    path("account/everywhere/", account.everywhere, name="everywhere"),
    path("audit/", audit.entries, name="audit"),
]
