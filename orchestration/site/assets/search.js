"use strict";
window.addEventListener("DOMContentLoaded", function () {
  new PagefindUI({ element: "#search", showImages: false, resetStyles: false, autofocus: true });
});
